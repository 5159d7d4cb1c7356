# grounding_ros on a desktop or a server, with or without an NVIDIA GPU:
#
#   docker build -f docker/desktop.Dockerfile -t grounding_ros .
#
# From a ROS image, not from one of CUDA: the wheels of onnxruntime-gpu and torch bring the CUDA
# libraries of the version they were built with, the driver comes from the host, and a CUDA image
# would add several gigabytes of another version that nothing loads.
ARG ROS_DISTRO=jazzy
FROM ros:${ROS_DISTRO}-ros-base

# What the NVIDIA container runtime lets in, where the host has it; without effect elsewhere.
ENV NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility

SHELL ["/bin/bash", "-o", "pipefail", "-c"]

# Before the sources, so that a change of code does not install everything again.
COPY docker/install_dependencies.sh /tmp/docker/
COPY package.xml /tmp/package/
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3-venv \
    && bash /tmp/docker/install_dependencies.sh /tmp/package \
    && rm -rf /var/lib/apt/lists/*

COPY . /robot_ws/src/grounding_ros
# Libraries that a model needs: "onnxruntime-gpu[cuda,cudnn]" for the bundled one; the geometric grounder needs none.
ARG PIP_PACKAGES=""
# Split at blanks: it is a list.
# hadolint ignore=SC2086
RUN bash /robot_ws/src/grounding_ros/docker/build_workspace.sh /robot_ws ${PIP_PACKAGES}

COPY --chmod=755 docker/entrypoint.sh /entrypoint.sh
ENTRYPOINT ["/entrypoint.sh"]
CMD ["ros2", "launch", "grounding_ros", "grounding.launch.py"]
