// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Grant tables, for the hypervisor's own parts (public header {@code grant_table.h}). */
@ConsumerType
public interface Grants {
  /**
   * Maps a page that {@code granter} granted to {@code mapper}, as GNTTABOP_map_grant_ref does, for Java that acts in the
   * mapper's name: the entry's flags say so until {@link #unmap}.
   *
   * @return the page's machine address, or a negative {@code GNTST_*}
   */
  long map(Domain mapper, Domain granter, int ref, boolean readOnly);

  /** Ends one {@link #map}. */
  void unmap(Domain mapper, Domain granter, int ref, boolean readOnly);

  /** Ends one {@link #map} of a domain that is gone, by its serial number: its pages aren't free as long as they are mapped. */
  default void unmapGone(Domain mapper, int serial, int ref, boolean readOnly) {}

  /**
   * Machine frame of a domain's grant table, which grows as needed up to its limit.
   *
   * @return -1 beyond the limit
   */
  long frame(Domain domain, int index);

  /** Most frames that a domain's grant table may have. */
  default int limit(Domain domain) {
    return 64;
  }

  /** Grants one of a domain's own frames in its table, as the domain itself would: for reserved entries (store, console). */
  void grant(Domain granter, int ref, int domid, long gfn);

  /** Mappings of other domains' pages that a domain holds now. */
  int mapped(Domain mapper);

  /** Mappings that others hold of a domain's pages now. */
  int granted(Domain granter);

  /** Machine address of an entry of a domain's table; -1 if the table has no such entry now. Nothing grows by the question. */
  default long entry(Domain domain, int ref) {
    return -1;
  }

  /** Who uses a machine frame by a grant now. */
  default List<GrantUse> uses(long mfn) {
    return List.of();
  }
}
