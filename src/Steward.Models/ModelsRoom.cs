using System.CommandLine;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Events;
using Steward.Identity;
using Steward.Projects;
using Steward.Tracking;

namespace Steward.Models;

/// <summary>Registered models: versions, gates, signed votes, and what an alias points to.</summary>
public sealed class ModelsRoom : IRoom
{
    public string Purpose => "Keeps registered models: versions, gates, signed votes and what serves.";

    public IEnumerable<Section> Sections => [Policy.GatesSection, Policy.SignOffsSection];

    public IEnumerable<NavLink> Links => [new("Models", "/projects/{project}/models", Waiting) { Also = "/projects/{project}/signoffs" }];

    public void Furnish(IServiceCollection services) => services.AddModels();

    public IEnumerable<Command> Verbs(Server server) => [ModelVerbs.Tree(server), SignOffVerbs.Tree(server)];

    /// <summary>The votes that wait for whoever looks.</summary>
    private static async Task<int> Waiting(IServiceProvider all, string project, CancellationToken stop)
        => (await all.GetRequiredService<ISignOffs>().WaitingFor(all.GetRequiredService<Who>(), project, stop)).Count;

    public void Open(IEndpointRouteBuilder routes) => routes.MapModels();
}

internal static class ModelServices
{
    public static IServiceCollection AddModels(this IServiceCollection services) => services
        .AddSingleton<VersionStore>()
        .AddSingleton<SignOffStore>()
        .AddSingleton<PromotionStore>()
        .AddSingleton<Policies>()
        .AddSingleton<Inspector>()
        .AddSingleton<Champion>()
        .AddSingleton<Gatekeeping>()
        .AddSingleton<IGate, MetricGate>()
        .AddSingleton<IGate, SliceGate>()
        .AddSingleton<IGate, SlicedGate>()
        .AddSingleton<IGate, ChampionGate>()
        .AddSingleton<IGate, BaselineGate>()
        .AddSingleton<IGate, ScanGate>()
        .AddSingleton<IGate, SignatureGate>()
        .AddSingleton<IBundlePart, EvidencePart>()
        .AddSingleton<Promotions>()
        .AddSingleton<IPromotions>(all => all.GetRequiredService<Promotions>())
        .AddSingleton<IModels, Registry>()
        .AddSingleton<IVersionFiles, VersionFiles>()
        .AddSingleton<ISignOffs, SignOffs>()
        .Listen<RunEnded, StudyListener>();
}
