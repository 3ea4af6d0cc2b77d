package org.xenolith.machine;

import java.util.Set;
import org.xenolith.machine.api.DeviceModelFactory;

/**
 * A factory with what its service says of it.
 *
 * @param compatible    values of nodes' {@code compatible} that it serves
 * @param functions     functions behind transports that it serves
 * @param enableMethods values of CPU nodes' {@code enable-method} that it serves
 * @param ranking       decides between offers for the same value
 */
record ModelOffer(DeviceModelFactory factory, Set<String> compatible, Set<String> functions, Set<String> enableMethods,
    int ranking, Provider provider) { }
