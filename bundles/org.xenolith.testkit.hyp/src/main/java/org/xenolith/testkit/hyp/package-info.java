// SPDX-License-Identifier: EPL-2.0
/**
 * What the author of a subsystem of the hypervisor tests it with: domains, virtual CPUs and hypercalls without a core, on CPUs
 * and RAM that are real.
 */
@NullMarked
package org.xenolith.testkit.hyp;

import org.jspecify.annotations.NullMarked;
