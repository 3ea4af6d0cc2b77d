// SPDX-License-Identifier: EPL-2.0
/** The CPUs that bundles describe, and asking for one. */
package org.xenolith.cpu.catalogue;
