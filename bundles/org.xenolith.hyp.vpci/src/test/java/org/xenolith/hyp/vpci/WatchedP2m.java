// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import java.util.HashMap;
import java.util.Map;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.P2m;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.testkit.hyp.FakeP2m;

/** Stage 2 that knows what device pages lead to. */
final class WatchedP2m implements P2m {
  private final FakeP2m p2m;
  private final Map<Integer, Map<Long, Long>> devices = new HashMap<>();

  WatchedP2m(FakeP2m p2m) {
    this.p2m = p2m;
  }

  /** Machine frames of a domain's device pages by guest frame. */
  Map<Long, Long> devices(Domain domain) {
    return devices.computeIfAbsent(domain.serial(), serial -> new HashMap<>());
  }

  /** What a guest's address leads to; -1 if no device page is there. */
  long device(Domain domain, long ipa) {
    Long frame = devices(domain).get(ipa >>> 12);
    return frame == null ? -1 : frame << 12 | ipa & 0xFFF;
  }

  @Override
  public int map(Domain domain, long gfn, long mfn, long count, PageType type) {
    for (long i = 0; i < count; i++) {
      devices(domain).put(gfn + i, mfn + i);
    }
    return p2m.map(domain, gfn, mfn, count, type);
  }

  @Override
  public int unmap(Domain domain, long gfn, long count) {
    for (long i = 0; i < count; i++) {
      devices(domain).remove(gfn + i);
    }
    return p2m.unmap(domain, gfn, count);
  }

  @Override
  public long translate(Domain domain, long ipa, boolean write) {
    return p2m.translate(domain, ipa, write);
  }

  @Override
  public PageType type(Domain domain, long gfn) {
    return p2m.type(domain, gfn);
  }

  @Override
  public int populate(Domain domain, long gfn, long count) {
    return p2m.populate(domain, gfn, count);
  }

  @Override
  public long root(Domain domain) {
    return p2m.root(domain);
  }

  @Override
  public long control() {
    return p2m.control();
  }

  @Override
  public boolean fault(Vcpu vcpu, long ipa, boolean write) {
    return p2m.fault(vcpu, ipa, write);
  }

  @Override
  public long pages(Domain domain) {
    return p2m.pages(domain);
  }
}
