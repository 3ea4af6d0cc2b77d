// SPDX-License-Identifier: EPL-2.0
/** Machines that are looked into, as people write about them: addresses, registers, devices, and the places at which a machine stops. */
@NullMarked
package org.xenolith.inspect.kit;

import org.jspecify.annotations.NullMarked;
