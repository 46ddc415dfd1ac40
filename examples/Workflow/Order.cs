namespace Workflow;

/// <summary>What a customer buys: the payload of a request.</summary>
internal sealed record Order(string Article, int Quantity, decimal Total);
