using System.CommandLine;
using System.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Projects;
using Steward.Work;

namespace Steward;

/// <summary>One capability of the platform, as the host sees it. Everything else a room contains is its own business.</summary>
public interface IRoom
{
    /// <summary>One lower-case word, as <c>steward rooms</c> prints it.</summary>
    string Name => GetType().Name.Replace("Room", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>One sentence for a newcomer.</summary>
    string Purpose { get; }

    /// <summary>Where this room's pages, migrations and static files live.</summary>
    Assembly Assembly => GetType().Assembly;

    /// <summary>The parts of <c>steward.yaml</c> that this room reads.</summary>
    IEnumerable<Section> Sections => [];

    /// <summary>Links of the navigation, shown in the order of the rooms.</summary>
    IEnumerable<NavLink> Links => [];

    /// <summary>The parts of this room that run in processes of their own.</summary>
    IEnumerable<IChild> Children => [];

    void Furnish(IServiceCollection services);

    void Open(IEndpointRouteBuilder routes);

    /// <summary>What a person can type. Verbs talk to a running server, never to its database.</summary>
    IEnumerable<Command> Verbs(Server server) => [];
}

/// <summary>A link in the navigation; <c>{project}</c> in the path is the project one looks at.</summary>
public sealed record NavLink(string Title, string Path, Func<IServiceProvider, string, CancellationToken, Task<int>>? Waiting = null)
{
  /// <summary>Where further pages of the same kind lie.</summary>
  public string? Also { get; init; }
}
