// SPDX-License-Identifier: EPL-2.0
/** Disks between a machine and the outside. */
package org.xenolith.block.api;
