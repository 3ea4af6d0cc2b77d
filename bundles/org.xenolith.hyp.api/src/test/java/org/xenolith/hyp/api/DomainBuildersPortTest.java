// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.xen.abi.XenErrno;

class DomainBuildersPortTest {
  private static final DomainSpec SPEC = new DomainSpec("d", new UUID(0, 1), 1, 1, DomainSpec.Kind.DOMU, 31, 256, 0);

  private final DomainBuildersPort port = new DomainBuildersPort();
  private final Stand stand = new Stand();
  private final List<String> built = new ArrayList<>();

  /** Takes images that begin with this byte. */
  private record Builder(String name, int first, int rank, List<String> built) implements DomainBuilder {
    @Override
    public String description() {
      return "images of " + first;
    }

    @Override
    public Optional<String> refusal(DomainSpec spec, DomainImage image) {
      return image.kernel()[0] == first ? Optional.empty() : Optional.of("expected " + first + " first");
    }

    @Override
    public Optional<String> lacks(DomainSpec spec, DomainImage image) {
      return Optional.of("it has no " + image.commandLine() + "; ask for " + name).filter(lack -> image.commandLine().equals("tables"));
    }

    @Override
    public Domain build(int id, DomainSpec spec, DomainImage image) {
      if (spec.name().isEmpty()) {
        throw new IllegalStateException("bug");
      }
      built.add(name);
      return null;
    }
  }

  private Builder claim(String name, int first, int rank) {
    Builder builder = new Builder(name, first, rank, built);
    port.claim(builder, stand.owner(name));
    return builder;
  }

  private Domain build(String name, int first) {
    return build(name, first, "");
  }

  private Domain build(String name, int first, String line) {
    return port.build(name, 1, SPEC, new DomainImage(new byte[] {(byte) first}, new byte[0], line, 1, Map.of()));
  }

  private String refused(int errno, String name, int first) {
    HypervisorException refused = assertThrows(HypervisorException.class, () -> build(name, first));
    assertEquals(-errno, refused.errno());
    return refused.getMessage();
  }

  @Test
  void theOneThatTakesADomainBuildsIt() {
    String message = refused(XenErrno.XEN_ENOSYS, "", 1);
    assertTrue(message.contains("no builder of domains is installed; there are none: add a bundle"), message);
    claim("one", 1, 0);
    Builder two = claim("two", 2, 0);
    build("", 2);
    build("", 1);
    assertEquals(List.of("two", "one"), built);
    message = refused(XenErrno.XEN_EINVAL, "", 3);
    assertTrue(message.contains("no builder that is installed takes it. one: expected 1 first. two: expected 2 first"), message);
    claim("three", 1, 0);
    message = refused(XenErrno.XEN_EINVAL, "", 3);
    assertTrue(message.endsWith("takes it. one, three: expected 1 first. two: expected 2 first"), message);
    port.release(two);
    message = refused(XenErrno.XEN_EINVAL, "", 2);
    assertEquals("domain d: no builder that is installed takes it. expected 1 first", message);
    port.all().stream().filter(builder -> builder.name().equals("three")).forEach(port::release);
    message = refused(XenErrno.XEN_EINVAL, "", 2);
    assertTrue(message.endsWith("one: expected 1 first"), message);
  }

  @Test
  void ofSeveralTheRankDecidesOrTheName() {
    claim("b", 1, 0);
    claim("a", 1, 0);
    String message = refused(XenErrno.XEN_EINVAL, "", 1);
    assertTrue(message.contains("several builders take it: a (images of 1), b (images of 1); ask for one by its name"), message);
    build("b", 1);
    claim("c", 1, 5);
    build("", 1);
    assertEquals(List.of("b", "c"), built);
    message = refused(XenErrno.XEN_ENOSYS, "d", 1);
    assertTrue(message.contains("no builder d is installed; there are a (images of 1), b (images of 1), c (images of 1)"), message);
    message = refused(XenErrno.XEN_EINVAL, "b", 2);
    assertTrue(message.contains("builder b doesn't take it: expected 1 first"), message);
  }

  @Test
  void oneThatLeavesSomethingOutIsAskedForByItsName() {
    claim("one", 1, 0);
    HypervisorException refused = assertThrows(HypervisorException.class, () -> build("", 1, "tables"));
    assertEquals(-XenErrno.XEN_EINVAL, refused.errno());
    assertEquals("domain d: no builder that is installed takes it. one: it has no tables; ask for one", refused.getMessage());
    refused = assertThrows(HypervisorException.class, () -> build("", 2, "tables"));
    assertTrue(refused.getMessage().endsWith(". one: expected 1 first"), refused.getMessage());
    build("one", 1, "tables");
    build("", 1, "chair");
    assertEquals(List.of("one", "one"), built);
  }

  @Test
  void laterVersionTakesOverAndOneThatThrowsIsTakenOut() {
    Builder old = claim("one", 1, 0);
    claim("one", 2, 0);
    port.release(old);
    build("", 2);
    assertEquals(1, port.all().size());
    DomainSpec bad = new DomainSpec("", new UUID(0, 1), 1, 1, DomainSpec.Kind.DOMU, 31, 256, 0);
    assertThrows(HypervisorException.class, () -> port.build("", 1, bad, new DomainImage(new byte[] {2}, new byte[0], "", 1, Map.of())));
    assertEquals(1, stand.failures.size());
    assertEquals(List.of(), port.all());
  }
}
