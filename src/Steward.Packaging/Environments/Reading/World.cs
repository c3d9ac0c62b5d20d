namespace Steward.Packaging;

/// <summary>Where a package comes from.</summary>
public enum World { Pip, Conda, R, Julia, NuGet }

/// <summary>What runs the packages; pip and conda fill one and the same.</summary>
public enum Runtime { Python, R, Julia, DotNet }

public static class Worlds
{
    /// <summary>The interpreter is a package like any other to whoever solves.</summary>
    public static string Interpreter(this Runtime runtime) => runtime switch { Runtime.Python => "python", Runtime.R => "r", Runtime.Julia => "julia", _ => "dotnet" };

    public static string Title(this Runtime runtime) => runtime switch { Runtime.Python => "Python", Runtime.R => "R", Runtime.Julia => "Julia", _ => ".NET" };

    public static Runtime RunsOn(this World world) => world switch { World.R => Runtime.R, World.Julia => Runtime.Julia, World.NuGet => Runtime.DotNet, _ => Runtime.Python };

    public static VersionScheme Scheme(this World world) => world switch
    {
        World.Pip => VersionScheme.Pep440,
        World.Conda => VersionScheme.Conda,
        World.R => VersionScheme.R,
        World.Julia => VersionScheme.Julia,
        _ => VersionScheme.NuGet,
    };

    /// <summary>As files and locks write it.</summary>
    public static string Word(this World world) => world.ToString().ToLowerInvariant();
}
