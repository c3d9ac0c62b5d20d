namespace Steward.Packaging;

/// <summary>Dockerfiles for Python 2.6 to 3.x: official images, source where there is none, conda where the lock has conda packages.</summary>
internal sealed class PythonDocker(DockerPlan plan)
{
    private const string Requirements = "steward.requirements.txt", Conda = "steward.conda.txt", Home = "/opt/environment";
    private const string Debian = "debian:bookworm-20240904-slim", Compiler = "gcc:12.2.0-bookworm", Micromamba = "mambaorg/micromamba:1.5.8-bookworm-slim";
    private const string Loose = "Conda chooses what these packages need themselves: the lock was made without an index that knows it. With one (--index), every package is pinned.";
    private readonly string _version = plan.Environment.Version;
    private readonly PythonLife _life = PythonLife.Of(plan.Environment.Version) ?? throw ProblemException.Invalid("python_unknown", $"Python {plan.Environment.Version} is not known here.", $"Lock one of: {string.Join(", ", PythonLife.Lines.Select(line => line.Line))}.");

    private IEnumerable<LockedPackage> Pip => plan.Environment.Packages.Where(package => package.Source is World.Pip);

    private IEnumerable<LockedPackage> FromConda => plan.Environment.Packages.Where(package => package.Source is World.Conda);

    private string Line => _life.Line;

    public DockerFiles Write()
    {
        var note = _life.End < plan.Today ? $"Python {Line} is past its end of life: nobody mends it since {DockerPlan.Date(_life.End)}." : null;
        var text = plan.Begin(note);
        if (FromConda.Any())
            return WithConda(text, note);
        if (_life.Image is null && plan.Base is null)
            FromSource(text);
        else
            Official(text, plan.Base ?? $"python:{_version}-{_life.Image}");
        text.Line($"COPY --from=packages {Home} {Home}");
        return DockerFiles.Of(DockerPlan.End(text, Run), note, (Requirements, PipFile()));
    }

    private IReadOnlyList<string> Run => plan.Run.Count > 0 ? plan.Run : ["python"];

    /// <summary>A place of its own for the packages: what installs them stays behind in the first stage.</summary>
    private void Official(DockerText text, string image)
    {
        var hasVenv = _life.Line is not ("2.6" or "2.7") && VersionScheme.Pep440.Version(Line) >= VersionScheme.Pep440.Version("3.4");
        text.From(image, "packages").Line("WORKDIR /build").Line($"COPY {Requirements} ./");
        text.Line(hasVenv
            ? $"RUN python -m venv {Home} \\\n && {Home}/bin/python -m pip install {Flags} --requirement {Requirements}"
            : $"RUN python -m pip install {Flags} --prefix {Home} --requirement {Requirements}");
        text.Line("").From(image).Labels(plan.Labels);
        text.Environment([("PATH", $"{Home}/bin:$PATH"), .. hasVenv ? [] : (IEnumerable<(string, string)>)[("PYTHONPATH", $"{Home}/lib/python{Line}/site-packages")], .. Usual]);
    }

    /// <summary>No image holds this line any more. Its own pip could not reach a repository of today: a younger one unpacks the wheels for it.</summary>
    private void FromSource(DockerText text)
    {
        var archive = $"Python-{_life.Last}.tgz";
        text.Say($"No official image holds Python {Line}: it is built from its source. Packages must exist as wheels for it.");
        text.From(Compiler, "interpreter").Line("WORKDIR /build");
        text.Line($"ADD --checksum=sha256:{_life.Source} https://www.python.org/ftp/python/{_life.Last}/{archive} ./");
        text.Line($"RUN tar --extract --gzip --file {archive} --strip-components 1 \\\n && LDFLAGS=\"-L/usr/lib/$(gcc -print-multiarch)\" ./configure --prefix=/opt/python \\\n && make \\\n && make {(Line[0] == '2' ? "install" : "fullinstall")} \\\n && ln --symbolic --force python{Line} /opt/python/bin/python");
        text.Line("").From($"python:{PythonLife.Usual.Last}-{PythonLife.Usual.Image}", "packages").Line("WORKDIR /build").Line($"COPY {Requirements} ./");
        text.Line($"RUN python -m pip install {Flags} --only-binary=:all: --implementation cp --abi cp{Line.Replace(".", "", StringComparison.Ordinal)}m --abi none --platform {(plan.Environment.Platform == "linux-aarch64" ? "manylinux2014_aarch64" : "manylinux1_x86_64")} --platform any --python-version {Line} --target {Home} --requirement {Requirements} \\\n && mkdir --parents {Home}");
        text.Line("").From(Debian).Labels(plan.Labels);
        text.Environment([("PATH", "/opt/python/bin:$PATH"), ("PYTHONPATH", Home), .. Usual]);
        text.Line("COPY --from=interpreter /opt/python /opt/python");
    }

    private DockerFiles WithConda(DockerText text, string? note)
    {
        var whole = FromConda.Any(package => package.Needs.Count > 0);
        if (!whole)
        {
            text.Say(Loose);
            note = $"{note} {Loose}".Trim();
        }

        text.From(Micromamba, "packages").Line("USER root").Line("WORKDIR /build").Line($"COPY {Conda} {Requirements} ./");
        text.Line($"RUN micromamba create --yes{(whole ? " --no-deps" : "")} --no-rc --override-channels --channel conda-forge --prefix {Home} --file {Conda}{(Pip.Any() ? $" \\\n && {Home}/bin/python -m pip install {Flags} --requirement {Requirements}" : "")} \\\n && micromamba clean --all --yes");
        text.Line("").From(plan.Base ?? Debian).Labels(plan.Labels);
        text.Environment([("PATH", $"{Home}/bin:$PATH"), .. Usual]);
        text.Line($"COPY --from=packages {Home} {Home}");
        var specs = FromConda.Select(package => $"{package.Name}={package.Version}{(package.Build is null ? "" : $"={package.Build}")}").Prepend($"python={_version}");
        return DockerFiles.Of(DockerPlan.End(text, Run), note, (Requirements, PipFile()), (Conda, string.Concat(specs.Select(spec => spec + "\n"))));
    }

    private static (string, string)[] Usual => [("PYTHONDONTWRITEBYTECODE", "1"), ("PYTHONUNBUFFERED", "1"), ("HOME", "/tmp"), ("ORT_DISABLE_TELEMETRY", "1")];

    /// <summary>Hashes are asked for when every package has one: pip takes all or none.</summary>
    private string Flags => $"--no-cache-dir --no-deps --no-compile --disable-pip-version-check{(Pip.Any() && Pip.All(package => PipLines.Hashes(package).Any()) ? " --require-hashes" : "")}";

    private string PipFile() => "# Written by: steward env docker\n" + PipLines.Of(Pip);
}
