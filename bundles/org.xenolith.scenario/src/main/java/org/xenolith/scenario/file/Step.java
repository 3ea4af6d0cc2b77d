// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

/**
 * One step.
 *
 * @param number 1 and up
 * @param line   where it begins
 * @param text   it in a few words
 * @param action what to do
 */
public record Step(int number, int line, String text, Action action) {}
