// SPDX-License-Identifier: EPL-2.0
/**
 * What an extension implements and what it is given: device models and their factories, windows, interrupt lines, virtual
 * time, DMA, CPUs of any architecture; and how an application builds and drives a machine.
 */
@NullMarked
package org.xenolith.machine.api;

import org.jspecify.annotations.NullMarked;
