// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.api;

/** How a platform describes shared folders. */
public final class ShareNodes {
  /** Property of the node that a folder is behind: the name that the guest mounts it by. */
  public static final String TAG = "xenolith,share-tag";

  private ShareNodes() {}
}
