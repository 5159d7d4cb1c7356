"""Start the node: ros2 launch grounding_ros grounding.launch.py image:=/camera/image_raw ..."""

from launch import LaunchContext, LaunchDescription
from launch.actions import DeclareLaunchArgument, OpaqueFunction
from launch.substitutions import PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.substitutions import FindPackageShare

INPUTS = {
    "image": "the colour image",
    "depth": "the depth image, registered to the colour image",
    "camera_info": "the colour camera's intrinsics",
    "instruction": "the sentences to answer",
}
SWITCHES = {
    "autostart": "false where a lifecycle manager configures and activates the node",
    "use_sim_time": "true where a simulator or a bag player publishes /clock",
}

PRESETS = ("cpu", "desktop_cuda", "jetson_thor", "jetson_orin")


def _start(context: LaunchContext) -> list[Node]:
    """Pass on what was given; what was not stays as the parameter file and the node have it."""
    values = context.launch_configurations
    switches = {}
    for name in SWITCHES:
        if values[name].lower() not in ("", "true", "false"):
            raise ValueError(f"{name}: expected true or false, got {values[name]!r}")
        if values[name]:
            switches[name] = values[name].lower() == "true"
    level = values["log_level"]
    preset = f"{values['preset']}.yaml"
    files = [PathJoinSubstitution([FindPackageShare("grounding_ros"), "config", preset])]
    if values["params_file"]:
        files.append(values["params_file"])  # the last one wins
    return [
        Node(
            package="grounding_ros",
            executable="grounding_node",
            name="grounding",
            namespace=values["namespace"],
            parameters=[*files, switches],
            remappings=[(name, values[name]) for name in INPUTS if values[name]],
            ros_arguments=["--log-level", level] if level else [],
            output="screen",
        )
    ]


def generate_launch_description() -> LaunchDescription:
    """Declare the arguments; an empty one changes nothing."""
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                "preset",
                default_value="cpu",
                choices=PRESETS,
                description="the machine: config/<preset>.yaml",
            ),
            DeclareLaunchArgument(
                "params_file",
                default_value="",
                description="YAML file of parameters that differ from the preset",
            ),
            DeclareLaunchArgument(
                "namespace", default_value="", description="namespace of the node"
            ),
            *(
                DeclareLaunchArgument(name, default_value="", description=f"topic of {what}")
                for name, what in INPUTS.items()
            ),
            *(
                DeclareLaunchArgument(name, default_value="", description=what)
                for name, what in SWITCHES.items()
            ),
            DeclareLaunchArgument(
                "log_level", default_value="", description="debug, info, warn..."
            ),
            OpaqueFunction(function=_start),
        ]
    )
