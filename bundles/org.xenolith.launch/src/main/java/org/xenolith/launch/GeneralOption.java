// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;

/**
 * An option put together from its parts.
 *
 * @param description see {@link LaunchOption#description}
 * @param parser      see {@link LaunchOption#use}
 * @param checks      see {@link LaunchOption#check}
 * @param proposals   see {@link LaunchOption#candidates}
 */
record GeneralOption(OptionDescription description, BiConsumer<LaunchRequest.Builder, List<String>> parser,
    BiConsumer<List<String>, Set<String>> checks, Supplier<List<String>> proposals) implements LaunchOption {

  /** One whose text, or only one, is all there is to it. */
  static GeneralOption of(OptionDescription description, BiConsumer<LaunchRequest.Builder, String> parser) {
    return new GeneralOption(description, (request, texts) -> parser.accept(request, texts.getFirst()), (texts, said) -> {}, List::of);
  }

  /** One with several texts. */
  static GeneralOption ofAll(OptionDescription description, BiConsumer<LaunchRequest.Builder, List<String>> parser) {
    return new GeneralOption(description, parser, (texts, said) -> {}, List::of);
  }

  /** The same with a look at what else is said. */
  GeneralOption checked(BiConsumer<List<String>, Set<String>> newChecks) {
    return new GeneralOption(description, parser, newChecks, proposals);
  }

  /** The same with texts to choose from. */
  GeneralOption proposing(Supplier<List<String>> newProposals) {
    return new GeneralOption(description, parser, checks, newProposals);
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    parser.accept(request, texts);
  }

  @Override
  public void check(List<String> texts, Set<String> said) {
    checks.accept(texts, said);
  }

  @Override
  public List<String> candidates() {
    return proposals.get();
  }
}
