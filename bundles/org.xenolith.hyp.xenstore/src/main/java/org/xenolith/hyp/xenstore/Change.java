// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.util.List;

/**
 * Something that watches may have to be told.
 *
 * @param path of the node
 * @param exact whether it concerns watches of this very path only: what goes with a subtree that is removed
 * @param permissions the node's, or before its removal
 * @param parent the parent's
 */
record Change(String path, boolean exact, List<Permission> permissions, List<Permission> parent) {}
