// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.xen.abi.GrantFlag;

/**
 * Memory of a domain as a back end reaches it: pages that its grant table names (Xen, {@code grant_table.h}, version 1).
 *
 * @param grants address of the table
 */
record GrantedPages(EfiRam memory, long grants, OddStore store) {
  static final int PAGE = 4096;
  private static final int ENTRY = 8;
  private static final int REFERENCES = 2048;

  /** The page of a grant; 0 if it isn't one. */
  long page(long reference) {
    long entry = grants + ENTRY * (reference & REFERENCES - 1);
    return reference < 0 || reference >= REFERENCES || (memory.get16(entry) & 3) != GrantFlag.GTF_permit_access ? 0
        : memory.get32(entry + 4) * PAGE;
  }

  /** The page whose reference a node of the store has; 0 if there is none. */
  long pageOf(String node) {
    String said = store.nodes.getOrDefault(node, "");
    return said.matches("[0-9]{1,9}") ? page(Long.parseLong(said)) : 0;
  }

  /** The back end's state follows the front end's (Xen, {@code io/xenbus.h}). @return whether the front end is at its beginning */
  boolean follow(String front, String back) {
    String state = store.nodes.getOrDefault(front + "/state", "1");
    store.nodes.put(back + "/state", state.equals("3") ? "4" : state.equals("1") ? "2" : state);
    return state.equals("1");
  }
}
