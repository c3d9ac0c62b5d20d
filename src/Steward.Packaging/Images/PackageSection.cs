using Steward.Packaging.Kubernetes;

namespace Steward.Packaging.Images;

/// <summary>The section <c>package</c> of a project file.</summary>
public sealed record PackageSection
{
    public PackageImage Image { get; init; } = new();

    /// <summary>Where its image is pushed to, and pulled from: registry.example.com/ml/fruit.</summary>
    public string? Push { get; init; }

    public PackageKubernetes Kubernetes { get; init; } = new();

    internal static IEnumerable<(string Path, string Why)> Check(PackageSection section)
    {
        if (section.Image.User is < 1 or > 65533)
            yield return ("image.user", "An image runs as a user by number, 1 to 65533: 0 would be root.");
        if (section.Image.Port is < 1024 or > 65535)
            yield return ("image.port", "A port of 1024 to 65535: lower ones are for root.");
        if (section.Image.Name is { } name && Refusal(() => Names.Check("model in an image", name)) is { } why)
            yield return ("image.name", why);
        if (section.Image.Steps.Count > 20)
            yield return ("image.steps", "An image has at most 20 steps: put commands that belong together into one.");
        foreach (var complaint in section.Image.Steps.SelectMany((step, i) => step.Complaints($"image.steps[{i}]")))
            yield return complaint;
        if (section.Push is { } push && Refusal(() => ManifestOrder.Repository("image", push)) is { } nowhere)
            yield return ("push", nowhere);
        foreach (var complaint in section.Kubernetes.Complaints())
            yield return complaint;
    }

    private static string? Refusal(Func<string> check)
    {
        try
        {
            check();
            return null;
        }
        catch (ProblemException problem)
        {
            return problem.Message;
        }
    }
}

public sealed record PackageImage
{
    /// <summary>The name under which the model answers in its image; the model's own name when it is left away.</summary>
    public string? Name { get; init; }

    /// <summary>The number of the user and group that it runs as.</summary>
    public int User { get; init; } = 10001;

    /// <summary>The port it listens on.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>What else goes into it, each a layer: files of the project, and what commands make.</summary>
    public IReadOnlyList<PackageStep> Steps { get; init; } = [];
}
