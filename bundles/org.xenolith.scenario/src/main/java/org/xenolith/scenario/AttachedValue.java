// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** An option whose value stands behind {@code =}, or is left out, so that the word that follows isn't taken for it. */
final class AttachedValue implements IParameterPreprocessor {
  /** Made by picocli. */
  AttachedValue() {}

  @Override
  public boolean preprocess(Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> found) {
    boolean attached = "=".equals(found.get("separator"));
    if (!attached) {
      option.setValue("");
    }
    return !attached;
  }
}
