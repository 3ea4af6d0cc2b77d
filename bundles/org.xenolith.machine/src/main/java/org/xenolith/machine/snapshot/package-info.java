// SPDX-License-Identifier: EPL-2.0
/** All state out of a machine and into another one, and the digests that say whether two are the same. */
package org.xenolith.machine.snapshot;
