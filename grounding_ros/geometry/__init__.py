"""Points, planes and boxes in metres; optical frame unless a name says otherwise (REP-103)."""
