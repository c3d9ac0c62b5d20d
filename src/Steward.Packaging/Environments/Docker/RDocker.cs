namespace Steward.Packaging;

/// <summary>Dockerfiles for R: exact packages from CRAN, each after what it needs, and an error when another version came.</summary>
internal static class RDocker
{
    private const string Script = "steward.packages.R", Home = "/opt/environment";

    public static DockerFiles Write(DockerPlan plan)
    {
        var image = plan.Base ?? (plan.Environment.Version.Length > 0 ? $"rocker/r-ver:{plan.Environment.Version}" : throw ProblemException.Invalid("r_unknown", "The lock does not say which R.", "Lock a renv.lock that says it, or name an image: --base rocker/r-ver:4.3.2"));
        var text = plan.Begin(null).From(image, "packages").Line("WORKDIR /build").Line($"COPY {Script} ./")
            .Line($"RUN mkdir --parents {Home} \\\n && R_LIBS={Home} Rscript --vanilla {Script}")
            .Line("").From(image).Labels(plan.Labels)
            .Environment(("R_LIBS", Home), ("HOME", "/tmp"), ("ORT_DISABLE_TELEMETRY", "1"))
            .Line($"COPY --from=packages {Home} {Home}");
        return DockerFiles.Of(DockerPlan.End(text, plan.Run.Count > 0 ? plan.Run : ["R", "--no-save"]), null, (Script, Steps(plan)));
    }

    private static string Steps(DockerPlan plan) => $$"""
        # Written by: steward env docker
        take <- function(name, version) {
          file <- paste0(name, "_", version, ".tar.gz")
          base <- "https://cran.r-project.org/src/contrib/"
          for (url in c(paste0(base, file), paste0(base, "Archive/", name, "/", file)))
            if (!identical(tryCatch(as.character(packageVersion(name, lib.loc = "{{Home}}")), error = function(e) ""), as.character(package_version(version))))
              try(install.packages(url, lib = "{{Home}}", repos = NULL, type = "source"), silent = TRUE)
          if (packageVersion(name, lib.loc = "{{Home}}") != version) stop(name, " ", version, " could not be installed")
        }

        """ + string.Concat(InOrder(plan.Environment.Packages).Select(package => $"take(\"{package.Name}\", \"{package.Version}\")\n"));

    /// <summary>What is needed comes first; by name where nothing decides.</summary>
    private static List<LockedPackage> InOrder(IReadOnlyList<LockedPackage> packages)
    {
        var (byName, done, order) = (packages.ToDictionary(package => package.Name, StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new List<LockedPackage>());
        var open = new Stack<(LockedPackage Package, bool NeedsAreIn)>(packages.OrderByDescending(package => package.Name, StringComparer.Ordinal).Select(package => (package, false)));
        while (open.TryPop(out var next))
            if (next.NeedsAreIn)
                order.Add(next.Package);
            else if (done.Add(next.Package.Name))
            {
                open.Push((next.Package, true));
                foreach (var need in next.Package.Needs.OrderDescending(StringComparer.Ordinal))
                    if (byName.TryGetValue(need, out var needed) && !done.Contains(need))
                        open.Push((needed, false));
            }

        return order;
    }
}
