namespace Steward.Packaging;

/// <summary>Dockerfiles for Julia: its own manifest pins every package by tree; the build first sees that it is the one that was locked.</summary>
internal static class JuliaDocker
{
    private const string Depot = "/opt/environment";

    public static DockerFiles Write(DockerPlan plan)
    {
        var manifest = plan.Lock.Inputs.FirstOrDefault(input => input.File == "Manifest.toml") ?? throw ProblemException.Invalid("manifest_missing", "The lock was made without a Manifest.toml, and Julia installs exactly only with one.", "Write it with: julia --project=. -e 'using Pkg; Pkg.resolve()', then: steward env lock");
        var image = plan.Base ?? (plan.Environment.Version.Length > 0 ? $"julia:{plan.Environment.Version}-bookworm" : throw ProblemException.Invalid("julia_unknown", "The lock does not say which Julia.", "Write the manifest with Julia 1.7 or later, or name an image: --base julia:1.10.4-bookworm"));
        var text = plan.Begin(null).From(image, "packages")
            .Environment(("JULIA_DEPOT_PATH", Depot), ("JULIA_PKG_PRECOMPILE_AUTO", "0"))
            .Line("WORKDIR /app").Line("COPY Project.toml Manifest.toml ./")
            .Line($"RUN echo \"{manifest.Digest["sha256:".Length..]}  Manifest.toml\" | sha256sum --check \\\n && julia --project=/app -e 'using Pkg; Pkg.instantiate(); Pkg.precompile()'")
            .Line("").From(image).Labels(plan.Labels)
            .Environment(("JULIA_DEPOT_PATH", $"/tmp/julia:{Depot}"), ("JULIA_PROJECT", "/app"), ("HOME", "/tmp"), ("ORT_DISABLE_TELEMETRY", "1"))
            .Line($"COPY --from=packages {Depot} {Depot}");
        return DockerFiles.Of(DockerPlan.End(text, plan.Run.Count > 0 ? plan.Run : ["julia"]), null);
    }
}
