from grounding_ros.evaluation import progress as module


def test_what_is_quick_shows_nothing(capsys):
    assert list(module.progress(range(5), "counting")) == [0, 1, 2, 3, 4]
    assert capsys.readouterr() == ("", "")
