// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import static org.xenolith.command.api.OptionName.option;

import java.util.Optional;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;

/** Why builders for Arm don't take a domain, and what to do about it. */
public final class BuildRefusals {
  private static final String CONTAINER = "container";

  private BuildRefusals() {}

  /**
   * Of a kernel in another form, which all refuse with the same words, a domain of another kind, or a container, which PVH guests of x86 have.
   *
   * @param kind      what the builder builds
   * @param otherwise why it builds nothing else
   */
  public static Optional<String> of(DomainSpec spec, DomainSpec.Kind kind, String otherwise, DomainImage image) {
    Optional<String> kernel = ArmKernelImage.refusal(image.kernel());
    if (kernel.isPresent()) {
      return kernel;
    }
    if (spec.kind() != kind) {
      return Optional.of(otherwise);
    }
    return Optional.ofNullable(image.options().get(CONTAINER)).map(
        "its file says container = \"%s\", and guests on Arm have no containers: leave the line out"::formatted);
  }

  /** How the CPUs get granules. */
  public static String granules(String needed) {
    return "Boot with " + option("granules") + " " + needed;
  }
}
