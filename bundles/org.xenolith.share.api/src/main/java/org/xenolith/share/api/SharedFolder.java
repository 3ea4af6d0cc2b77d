// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.api;

/**
 * A folder that one of several devices of a node is to show.
 *
 * @param path     of the folder on the host, as it was said
 * @param readOnly whether nothing in it may be changed
 * @param said     what a message about it begins with: where it was asked for
 * @param mount    the line that mounts it in a Linux guest
 */
public record SharedFolder(String path, boolean readOnly, String said, String mount) {}
