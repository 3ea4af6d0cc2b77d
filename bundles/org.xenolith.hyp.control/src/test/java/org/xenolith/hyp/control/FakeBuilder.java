// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.Optional;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainBuilder;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;

/** A builder that takes everything. */
interface FakeBuilder {
  Domain make(int id, DomainSpec spec, DomainImage image);

  static DomainBuilder of(FakeBuilder maker) {
    return of("fake", maker);
  }

  static DomainBuilder of(String name, FakeBuilder maker) {
    return new DomainBuilder() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String description() {
        return "anything";
      }

      @Override
      public Optional<String> refusal(DomainSpec spec, DomainImage image) {
        return Optional.empty();
      }

      @Override
      public Domain build(int id, DomainSpec spec, DomainImage image) {
        return maker.make(id, spec, image);
      }
    };
  }
}
