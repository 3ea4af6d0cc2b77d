// SPDX-License-Identifier: EPL-2.0
/** Bundles replaced, removed and added under a running guest; journals and snapshots of such runs. */
package org.xenolith.it.hotplug;
