// SPDX-License-Identifier: EPL-2.0

/**
 * A page of the site before it is laid out.
 *
 * @param source   the file in the checkout that it comes from, with {@code /}; of a made page the one that it is made from
 * @param place    the file in the site, with {@code /}
 * @param markdown its text
 */
record Page(String source, String place, String markdown) {
  /** How a page at this place says where the site's first folder is: {@code ""}, {@code "../"} … */
  String up() {
    return "../".repeat((int) place.chars().filter(c -> c == '/').count());
  }
}
