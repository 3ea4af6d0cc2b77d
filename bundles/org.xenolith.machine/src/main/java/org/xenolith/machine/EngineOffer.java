package org.xenolith.machine;

import org.xenolith.cpu.api.CpuEngineFactory;

/**
 * A CPU engine's factory with what its service says of it.
 *
 * @param name    name of the engine
 * @param ranking decides when no engine is asked for by name
 */
record EngineOffer(CpuEngineFactory factory, String name, int ranking, Provider provider) { }
