using System.CommandLine;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Packaging.Ci;
using Steward.Packaging.HandOver;
using Steward.Packaging.Images;
using Steward.Packaging.Kubernetes;
using Steward.Projects;

namespace Steward.Packaging;

/// <summary>What a model needs around it, said exactly: environments with their locks and conflicts, images that carry it, manifests that run it, the stages that lead there, and what is handed over.</summary>
public sealed class PackagingRoom : IRoom
{
    public string Purpose => "Environments that explain themselves: locks, conflicts in plain words, Dockerfiles. Images of models without a daemon, manifests for Kubernetes, stages for build services, and bundles to hand over.";

    public IEnumerable<Section> Sections => [EnvironmentSection.Section, Section.Of<PackageSection>("package", "How the model is packed into an image, and how it runs in a cluster.", PackageSection.Check)];

    public void Furnish(IServiceCollection services) => services.AddImages().AddManifests().AddBundles();

    public void Open(IEndpointRouteBuilder routes)
    {
        routes.MapImages();
        routes.MapDistribution();
        routes.MapManifests();
        routes.MapBundles();
    }

    public IEnumerable<Command> Verbs(Server server) => [EnvVerbs.Tree(server), ImageVerbs.Tree(server), K8sVerbs.Tree(server), CiVerbs.Tree(server), new Command("model") { BundleVerbs.Bundle(server) }, BundleVerbs.Verify()];
}
