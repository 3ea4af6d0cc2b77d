// SPDX-License-Identifier: EPL-2.0
/**
 * What a domain's memory is on every architecture whose CPUs walk tables of 512 entries: who owns which frame, what is mapped where, and hypercall
 * memory_op. What an entry looks like, and how CPUs are made to forget one, is the architecture's: {@link org.xenolith.hyp.memory.kit.TableFormat}
 * and {@link org.xenolith.hyp.memory.kit.DomainMaps}.
 */
@NullMarked
package org.xenolith.hyp.memory.kit;

import org.jspecify.annotations.NullMarked;
