// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

/** What is behind a guest frame: decides stage 2's permissions and memory attributes. */
public enum PageType {
  /** Nothing. */
  NONE,
  /** RAM of the domain's own. */
  RAM,
  /** RAM of the domain's own that it may only read. */
  RAM_READ_ONLY,
  /** Device memory: a window of hardware that the domain was given. */
  DEVICE,
  /** A page of another domain, mapped by a control domain. */
  FOREIGN,
  /** A granted page of another domain. */
  GRANT,
  /** A granted page of another domain that may only be read. */
  GRANT_READ_ONLY
}
