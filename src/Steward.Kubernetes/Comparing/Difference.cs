namespace Steward.Kubernetes;

/// <summary>One place in which what lies there is not what would be written.</summary>
/// <param name="Subject">Deployment fruit.</param>
/// <param name="Path">Empty when it is about the whole object.</param>
/// <param name="Wanted">What would be written, short; null where nothing would be.</param>
/// <param name="Found">What lies there, short; null where nothing is.</param>
/// <param name="File">Where it lies, with its line; empty and 0 when it is not there.</param>
public sealed record Difference(string Subject, string Path, DifferenceKind Kind, string? Wanted, string? Found, string File, int Line)
{
    public string Sentence => Kind switch
    {
        DifferenceKind.Changed => $"{Subject}: {Path} is {Found} and would be {Wanted}.",
        DifferenceKind.Missing => $"{Subject}: {Path} is not there and would be {Wanted}.",
        DifferenceKind.Added => $"{Subject}: {Path} was added: {Found}.",
        DifferenceKind.MissingObject => $"{Subject} is not there.",
        _ => $"{Subject} is somebody's own.",
    };
}

public enum DifferenceKind
{
    /// <summary>Another value.</summary>
    Changed,

    /// <summary>It would be written and is not there.</summary>
    Missing,

    /// <summary>A field that would not be written: a person or an overlay added it.</summary>
    Added,

    /// <summary>A whole object that would be written and is not there.</summary>
    MissingObject,

    /// <summary>A whole object beside those that are written. It is told, and is no difference of what is written.</summary>
    OwnObject,
}
