// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

/** The steps of a function that asks somebody once, another function or hardware, and is done with what comes back. */
public enum AskOnce {
  /** It begins: arguments are seen to, and it is asked. */
  ASK,
  /** It has been answered. */
  ANSWERED
}
