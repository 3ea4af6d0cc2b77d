// SPDX-License-Identifier: EPL-2.0
/** Bundles changed under machines that stand still. */
package org.xenolith.machine.change;
