// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import org.xenolith.platform.api.PlatformNode;

/**
 * A device of the namespace.
 *
 * @param node what it describes
 * @param kind who describes it
 * @param path in the namespace, from the root: {@code \_SB.COM0}
 * @param uid  {@code _UID}: no other device whose name has the same prefix has it
 */
public record AcpiDevice(PlatformNode node, AcpiDeviceKind kind, String path, int uid) {}
