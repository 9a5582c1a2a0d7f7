"""What the proof needs beside the project: Flink's jars, and Beam's job server for them."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from processes import ProofError

DEPLOY = Path(__file__).parents[2] / "deploy" / "flink"
REQUIREMENTS = DEPLOY / "requirements.txt"
POM = DEPLOY / "job-server" / "pom.xml"
OLDEST_JAVA = 11  # Flink 1.19 runs on 8, 11 and 17; Beam's runner is built for 11
NEWEST_JAVA = 17


@dataclass(frozen=True)
class Installed:
    """Where it is.

    Attributes:
        flink: Flink's folder, with `lib` and `bin`.
        job_server: Beam's job server and all it needs but Java, one jar.
    """

    flink: Path
    job_server: Path

    def memory_options(self, config: Path, kind: str) -> tuple[list[str], list[str]]:
        """Return the JVM options and dynamic properties that a configuration comes to.

        Args:
            config: Folder of `config.yaml`.
            kind: JM or TM, for the job manager or a task manager.
        """
        [dist] = (self.flink / "lib").glob("flink-dist*.jar")
        output = _run(
            "Flink's memory calculation",
            [
                "java",
                "-cp",
                f"{self.flink / 'bin' / 'bash-java-utils.jar'}:{dist}",
                "org.apache.flink.runtime.util.bash.BashJavaUtils",
                f"GET_{kind}_RESOURCE_PARAMS",
                "--configDir",
                config,
            ],
        )
        jvm, properties = re.findall(r"^BASH_JAVA_UTILS_EXEC_RESULT:(.*)$", output, re.MULTILINE)
        return jvm.split(), properties.split()


def install(folder: Path) -> Installed:
    """Return what stands in `folder`; what is missing or out of date is fetched and built.

    Raises:
        ProofError: Java or Maven is missing or too old, or a download or the build fails.
    """
    _require_java()
    libraries, server = folder / "libraries", folder / "job-server"
    if _is_stale(libraries, REQUIREMENTS):
        print("Fetching Flink (once; 230 MB) …", flush=True)
        shutil.rmtree(libraries, ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        options = ["--no-deps", "--no-build-isolation", "--require-hashes", "--target", libraries]
        _run("pip", [*pip, *options, "--requirement", REQUIREMENTS])
        _mark(libraries, REQUIREMENTS)
    if _is_stale(server, POM):
        print("Building Beam's job server (once; a minute or two) …", flush=True)
        if shutil.which("mvn") is None:
            raise ProofError(
                "Maven is missing: install it (3.8 or newer), so that `mvn` is on the path"
            )
        shutil.rmtree(server, ignore_errors=True)
        maven = ["mvn", "--batch-mode", "--quiet", "--strict-checksums", "--file", POM]
        _run("Maven", [*maven, f"-Dtarget.folder={server}", "package"])
        _mark(server, POM)
    return Installed(libraries / "pyflink", server / "flink-job-server.jar")


def java_version(text: str) -> int:
    """Return the number in what `java -version` prints.

    >>> java_version('openjdk version "17.0.15" 2025-04-15'), java_version('java version "1.8.0_2"')
    (17, 8)
    """
    found = re.search(r'version "(?:1\.)?(\d+)', text)
    if not found:
        raise ProofError(f"java -version does not tell its version: {text!r}")
    return int(found[1])


def _require_java() -> None:
    needed = f"install a Java {NEWEST_JAVA} runtime, so that `java` is on the path"
    if shutil.which("java") is None:
        raise ProofError(f"Java is missing: {needed}")
    version = java_version(_run("java", ["java", "-version"]))
    if not OLDEST_JAVA <= version <= NEWEST_JAVA:
        raise ProofError(f"Flink 1.19 does not run on Java {version}: {needed}")


def _is_stale(folder: Path, source: Path) -> bool:
    marker = folder / ".made-from"
    return not marker.exists() or marker.read_text("ascii") != _digest(source)


def _mark(folder: Path, source: Path) -> None:
    (folder / ".made-from").write_text(_digest(source), "ascii")


def _digest(source: Path) -> str:
    return hashlib.sha256(source.read_bytes()).hexdigest()


def _run(name: str, command: list[str | Path]) -> str:
    """Return what a command printed; ProofError where it failed."""
    done = subprocess.run(  # noqa: S603 - commands of this file
        list(map(str, command)), capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()[-15:]
        raise ProofError("\n".join([f"{name} failed with status {done.returncode}:", *lines]))
    return done.stdout + done.stderr
