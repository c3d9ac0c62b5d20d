namespace Steward.Pipelines;

/// <summary>Which windows of another pipeline one window waits for.</summary>
/// <param name="Windows">All that share time with the stretch it looks at; each must have succeeded.</param>
/// <param name="Never">Why they can never all be there; null when they can.</param>
internal sealed record Wanted(IReadOnlyList<Slice> Windows, string? Never = null)
{
    /// <summary>The stretch of time a dependency looks at: the window itself, moved by the offset; with a size, so much from there.</summary>
    public static Slice Stretch(Grid own, Slice window, Dependency on)
    {
        var start = own.Move(window.Start, on.Offset);
        return new(start, on.Size is { } size ? own.Move(start, size) : own.Move(window.End, on.Offset));
    }

    /// <summary>
    /// What lies before the first window is taken as done where a pipeline depends on itself, so that it can begin; time
    /// that another pipeline does not cover never comes.
    /// </summary>
    public static Wanted Of(Grid own, Slice window, Dependency on, Grid upstream, bool self)
    {
        var stretch = Stretch(own, window, on);
        if (!self && (upstream.Covered is not { } covered || stretch.Start < covered.Start || stretch.End > covered.End))
            return new([], $"it looks at {stretch}, and {on.Pipeline} has windows {(upstream.Covered is { } has ? has.End == DateTimeOffset.MaxValue ? $"only from {has.Start.UtcDateTime:yyyy-MM-dd HH:mm} on" : $"only in {has}" : "nowhere")}");
        return new([.. upstream.Within(stretch)]);
    }

    /// <summary>The windows of <paramref name="own"/> that look at a window of the pipeline they depend on.</summary>
    public static IEnumerable<Slice> LookingAt(Grid own, Slice upstream, Dependency on)
    {
        var back = new Stride(-on.Offset.Count, on.Offset.Unit);
        // The clock may jump and months differ within the stretch: a little more on both sides, then exactly.
        var slack = own.Zone is null && on.Offset.Unit is not StrideUnit.Month ? TimeSpan.Zero : TimeSpan.FromDays(4);
        var from = own.Move(upstream.Start, back) - (on.Size?.Length ?? TimeSpan.Zero) - slack;
        return own.Within(new(from, own.Move(upstream.End, back) + slack)).Where(window => Stretch(own, window, on).Intersects(upstream));
    }
}

/// <summary>A dependency as it is reckoned with.</summary>
internal sealed record Dependency(string Pipeline, Stride Offset, Stride? Size);
