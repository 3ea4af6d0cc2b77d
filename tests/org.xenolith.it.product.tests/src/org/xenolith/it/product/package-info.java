// SPDX-License-Identifier: EPL-2.0
/**
 * What the acceptance tests share: the product as a process, its report, the tools it is compared with, and what a guest
 * prints about itself. The tests see the product from outside only: command line, output, exit code, files.
 */
package org.xenolith.it.product;
