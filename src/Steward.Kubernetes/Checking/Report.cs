namespace Steward.Kubernetes;

/// <summary>Takes findings about one object, or about places in it.</summary>
internal sealed class Report(List<Finding> findings, string subject)
{
    public void Wrong(Spot at, string code, string why, string? attempt = null) => Add(at, code, Level.Wrong, why, attempt);

    public void Advise(Spot at, string code, string why, string? attempt = null) => Add(at, code, Level.Advice, why, attempt);

    public void Add(Spot at, string code, Level level, string why, string? attempt) => findings.Add(new(at.File, at.Line, subject, at.Path, code, level, why, attempt));
}
