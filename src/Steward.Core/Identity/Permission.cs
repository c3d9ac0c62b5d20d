using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Steward.Identity;

/// <summary>What a route asks of its caller. Roles give them per project; <see cref="Approve"/> is never implied by admin.</summary>
public enum Permission
{
    /// <summary>No credentials: health, sign-in, styles.</summary>
    Anyone,

    /// <summary>Somebody who signed in; the route looks at nothing of a project, or filters by what they may read.</summary>
    SignedIn,
    Read,
    Edit,
    Approve,

    /// <summary>Taking tasks as an agent; no person's role gives it.</summary>
    Work,

    /// <summary>People, tokens, roles and settings of one project.</summary>
    Administer,

    /// <summary>The whole server: users, every project, the audit chain.</summary>
    AdministerServer,
}

/// <summary>The permission of a route; every route carries exactly one, and a test fails for a route without. On a page: <c>@attribute [Needs(Permission.Read)]</c>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NeedsAttribute(Permission permission) : Attribute
{
    public Permission Permission { get; } = permission;
}

/// <summary>Finds the project of a request whose path does not name one (an endpoint, a task); null when the thing does not exist.</summary>
public sealed record ProjectOf(Func<HttpContext, ValueTask<string?>> Find);

/// <summary>How a route asks for credentials, where its clients know another way than ours.</summary>
/// <param name="Header">Value of <c>WWW-Authenticate</c>.</param>
public sealed record Challenge(string Header);

public static class NeedsExtensions
{
    /// <summary>Declares who may call. The project is the route value <c>project</c>, unless <paramref name="projectOf"/> finds it.</summary>
    public static TRoute Needs<TRoute>(this TRoute route, Permission permission, Func<HttpContext, ValueTask<string?>>? projectOf = null) where TRoute : IEndpointConventionBuilder
        => projectOf is null ? route.WithMetadata(new NeedsAttribute(permission)) : route.WithMetadata(new NeedsAttribute(permission), new ProjectOf(projectOf));
}
