// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;
import org.xenolith.xen.abi.XenErrno;

/** Port: builders of domains. Who wants a domain says what it is to be; the builder that takes it is found here, or asked for by name. */
public final class DomainBuildersPort {
  private final List<Claim> claims = new ArrayList<>();

  private record Claim(DomainBuilder builder, DeviceContext owner, String name) {
    String text() {
      return name + " (" + builder.description() + ")";
    }
  }

  /** Builds domains from now on, in the place of an earlier builder of that name. */
  public void claim(DomainBuilder builder, DeviceContext owner) {
    String name = builder.name();
    claims.removeIf(claim -> claim.name.equals(name));
    claims.add(new Claim(builder, owner, name));
    claims.sort(Comparator.comparing(Claim::name));
  }

  /** Builds no more. */
  public void release(DomainBuilder builder) {
    claims.removeIf(claim -> claim.builder == builder);
  }

  /** Builders that are installed, by name. */
  public List<DomainBuilder> all() {
    return claims.stream().map(Claim::builder).toList();
  }

  /**
   * Builds a domain.
   *
   * @param name of the builder; empty for the one that takes it and leaves nothing out, of several the one with the highest rank
   * @throws HypervisorException if there is no such builder, or none or several take it, naming those that are installed; or if it can't
   *                             be built
   */
  public Domain build(String name, int id, DomainSpec spec, DomainImage image) {
    Claim claim = name.isEmpty() ? choose(spec, image) : named(name, spec, image);
    try {
      return claim.builder.build(id, spec, image);
    } catch (HypervisorException e) {
      throw e;
    } catch (Throwable bug) {
      throw failed(claim, bug);
    }
  }

  /** Whether a builder that is installed takes a domain. */
  public boolean takes(DomainSpec spec, DomainImage image) {
    return List.copyOf(claims).stream().anyMatch(claim -> refusal(claim, spec, image).isEmpty());
  }

  private Claim named(String name, DomainSpec spec, DomainImage image) {
    Claim claim = claims.stream().filter(c -> c.name.equals(name)).findFirst().orElseThrow(() -> none("no builder " + name));
    refusal(claim, spec, image).ifPresent(reason -> {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, "domain " + spec.name() + ": builder " + name + " doesn't take it: " + reason);
    });
    return claim;
  }

  private Claim choose(DomainSpec spec, DomainImage image) {
    if (claims.isEmpty()) {
      throw none("no builder of domains");
    }
    Map<String, List<String>> refusals = new LinkedHashMap<>();
    List<Claim> taking = new ArrayList<>();
    for (Claim claim : List.copyOf(claims)) {
      refusal(claim, spec, image).or(() -> lacks(claim, spec, image)).ifPresentOrElse(reason -> refusals.computeIfAbsent(reason,
          any -> new ArrayList<>()).add(claim.name),
          () -> taking.add(claim));
    }
    int rank = taking.stream().mapToInt(claim -> claim.builder.rank()).max().orElseThrow(() -> new HypervisorException(
        -XenErrno.XEN_EINVAL, "domain " + spec.name() + ": no builder that is installed takes it. " + text(refusals)));
    taking.removeIf(claim -> claim.builder.rank() != rank);
    if (taking.size() > 1) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, "domain " + spec.name() + ": several builders take it: "
          + taking.stream().map(Claim::text).collect(Collectors.joining(", ")) + "; ask for one by its name");
    }
    return taking.getFirst();
  }

  /** Each reason once, with who has it; without if all of several have the same. */
  private static String text(Map<String, List<String>> refusals) {
    return refusals.entrySet().stream().map(refusal -> refusals.size() == 1 && refusal.getValue().size() > 1 ? refusal.getKey()
        : String.join(", ", refusal.getValue()) + ": " + refusal.getKey()).collect(Collectors.joining(". "));
  }

  private HypervisorException none(String what) {
    return new HypervisorException(-XenErrno.XEN_ENOSYS, what + " is installed; there are " + (claims.isEmpty() ? "none"
        : claims.stream().map(Claim::text).collect(Collectors.joining(", "))) + ": add a bundle with a subsystem that builds domains");
  }

  private Optional<String> refusal(Claim claim, DomainSpec spec, DomainImage image) {
    return answer(claim, () -> claim.builder.refusal(spec, image));
  }

  private Optional<String> lacks(Claim claim, DomainSpec spec, DomainImage image) {
    return answer(claim, () -> claim.builder.lacks(spec, image));
  }

  private Optional<String> answer(Claim claim, Supplier<Optional<String>> question) {
    try {
      return question.get();
    } catch (Throwable bug) {
      throw failed(claim, bug);
    }
  }

  private HypervisorException failed(Claim claim, Throwable bug) {
    claims.removeIf(other -> other == claim);
    claim.owner.failed(RolePort.rethrowMemory(bug));
    return new HypervisorException(-XenErrno.XEN_ENOSYS, "builder " + claim.name + " failed: " + bug);
  }
}
