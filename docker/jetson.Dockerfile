# grounding_ros on a Jetson Orin with JetPack 6, built on the Jetson or on another arm64 machine:
#
#   docker build -f docker/jetson.Dockerfile -t grounding_ros:jetson .
#
# From JetPack's own image, since CUDA, cuDNN and TensorRT of a Jetson are not those of the wheels of
# a desktop. It is Ubuntu 22.04, whose ROS is Humble. The tag's release (r36.4) must not be newer than
# the one on the board: see /etc/nv_tegra_release.
ARG L4T=r36.4.0
FROM nvcr.io/nvidia/l4t-jetpack:${L4T}

ENV ROS_DISTRO=humble \
    LANG=C.UTF-8 \
    LC_ALL=C.UTF-8 \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=all

SHELL ["/bin/bash", "-o", "pipefail", "-c"]

# JetPack's OpenCV (4.8) and the one that Ubuntu's ROS was built with (4.5) own the same files.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get purge --yes '*opencv*' \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        ca-certificates curl gnupg software-properties-common \
    && add-apt-repository --yes universe \
    && rm -rf /var/lib/apt/lists/*

RUN curl -fsSL https://raw.githubusercontent.com/ros/rosdistro/master/ros.key \
        -o /usr/share/keyrings/ros-archive-keyring.gpg \
    && echo "deb [arch=arm64 signed-by=/usr/share/keyrings/ros-archive-keyring.gpg] http://packages.ros.org/ros2/ubuntu jammy main" \
        >/etc/apt/sources.list.d/ros2.list \
    && apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        python3-colcon-common-extensions python3-rosdep python3-venv ros-humble-ros-base \
    && rosdep init \
    && rm -rf /var/lib/apt/lists/*

# Before the sources, so that a change of code does not install everything again.
COPY docker/install_dependencies.sh /tmp/docker/
COPY package.xml /tmp/package/
RUN bash /tmp/docker/install_dependencies.sh /tmp/package \
    && rm -rf /var/lib/apt/lists/*

COPY . /robot_ws/src/grounding_ros
# Libraries that a model needs, and the index that has them built for a Jetson; the geometric grounder
# needs none.
ARG PIP_PACKAGES=""
ARG PIP_EXTRA_INDEX_URL=""
# Split at blanks: it is a list.
# hadolint ignore=SC2086
RUN bash /robot_ws/src/grounding_ros/docker/build_workspace.sh /robot_ws ${PIP_PACKAGES}

COPY --chmod=755 docker/entrypoint.sh /entrypoint.sh
ENTRYPOINT ["/entrypoint.sh"]
CMD ["ros2", "launch", "grounding_ros", "grounding.launch.py"]
