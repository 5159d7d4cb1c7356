"""Metadata of the ROS 2 package.

It is not in pyproject.toml, since the setuptools of Ubuntu 22.04 ignores ``[project]``.
"""

from pathlib import Path

from setuptools import find_packages, setup

NAME = "grounding_ros"
SHARE = f"share/{NAME}"


def files_in(folder: str) -> list[str]:
    """The files of a folder that are installed into the package's share folder."""
    return sorted(str(path) for path in Path(folder).iterdir() if path.is_file())


setup(
    name=NAME,
    version="0.1.0",
    description="Finds the object that a sentence means in RGB-D images, in pixels and in metres",
    maintainer="grounding_ros maintainers",
    maintainer_email="maintainers@grounding-ros.example",
    license="Apache-2.0",
    packages=find_packages(include=[NAME, f"{NAME}.*"]),
    package_data={NAME: ["py.typed", "sample_bag/*", "evaluation/report/pages/*"]},
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{NAME}"]),
        (SHARE, ["package.xml"]),
        *((f"{SHARE}/{folder}", files_in(folder)) for folder in ("launch", "config", "models")),
    ],
    python_requires=">=3.10",
    install_requires=["setuptools"],
    # What rosdep has no key for; the rest is in package.xml.
    extras_require={
        "bags": ["rosbags>=0.10"],
        "sim": ["mujoco>=3.2"],
        "ray": ["ray>=2.60"],
        # One of the two: they install the same files. A Jetson has a wheel of its own (README).
        "cpu": ["onnxruntime>=1.17"],
        "gpu": ["onnxruntime-gpu[cuda,cudnn]>=1.21"],
        # What is written is checked with transformers 5.23, which needs Python 3.11.
        "models": [
            "torch>=2.9",
            "transformers>=5.23,<5.29",
            "safetensors>=0.8",
            "huggingface_hub>=2",
            "onnx>=1.21",
            "onnxscript>=0.7",
        ],
    },
    entry_points={
        "console_scripts": [
            "grounding_node = grounding_ros.ros.main:main",
            "grounding-ros = grounding_ros.cli:main",
        ]
    },
    zip_safe=False,
)
