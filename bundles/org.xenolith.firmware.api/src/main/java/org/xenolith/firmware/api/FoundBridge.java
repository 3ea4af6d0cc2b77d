// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import org.xenolith.acpi.codec.TableIdentity;

/**
 * A PCI host bridge that tables describe.
 *
 * @param device        its device; windows are those of registers only, without what the bridge passes on
 * @param segment       PCI segment
 * @param configuration what MCFG says of the segment
 * @param maker         who made MCFG
 */
public record FoundBridge(FoundDevice device, int segment, AcpiBridgeKind.Configuration configuration, TableIdentity maker) {}
