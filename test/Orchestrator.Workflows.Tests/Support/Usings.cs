global using Orchestrator.Testing.Shared;
