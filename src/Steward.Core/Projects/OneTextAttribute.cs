namespace Steward.Projects;

/// <summary>The key that is meant where a record of the project file is written as one text: <c>from: lake:/raw/</c> for <c>from: {files: lake:/raw/}</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneTextAttribute : Attribute;
