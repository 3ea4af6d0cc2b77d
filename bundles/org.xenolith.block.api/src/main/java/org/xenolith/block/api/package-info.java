/** Disks between a machine and the outside. */
package org.xenolith.block.api;
