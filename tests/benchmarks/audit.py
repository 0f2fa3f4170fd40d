"""Known vulnerabilities of what is installed, as pip-audit finds them."""

import json
import shutil
import subprocess
import sys
import sysconfig

DESCRIPTION = (
    "Packages of this environment with a known vulnerability, found by pip-audit "
    "(`pip install pip-audit`), which asks PyPI: none may be left out unasked"
)


def measure(fast: bool = False, seed: int = 0) -> dict:
    """Raises:
    RuntimeError: pip-audit is not installed, or PyPI does not answer.
    """
    if shutil.which("pip-audit") is None:
        raise RuntimeError("This needs pip-audit: `pip install pip-audit`.")
    folder = sysconfig.get_paths()["purelib"]
    command = ["pip-audit", "--path", folder, "--format", "json", "--progress-spinner"]
    run = subprocess.run([*command, "off"], capture_output=True, text=True)
    if not run.stdout.startswith("{"):
        raise RuntimeError(f"pip-audit failed: {run.stderr[-500:]}")
    packages = json.loads(run.stdout)["dependencies"]
    asked = [one for one in packages if "vulns" in one]
    if not asked:
        reason = packages[0]["skip_reason"] if packages else "no packages"
        raise RuntimeError(f"No package could be audited: {reason}")
    found = {
        one["name"]: ", ".join(v["id"] for v in one["vulns"])
        for one in asked
        if one["vulns"]
    }
    counts = {"asked about": len(asked), "not asked about": len(packages) - len(asked)}
    vulnerable = {name: {"known": ids} for name, ids in found.items()}
    return {
        "packages": {"python": sys.version.split()[0], **counts},
        "vulnerable": vulnerable,
    }
