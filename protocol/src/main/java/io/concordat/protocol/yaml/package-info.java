/**
 * What people write: YAML 1.2 (and with it JSON), read strictly, every node with its place.
 *
 * <p>Promise: no anchor, alias, tag, directive, merge, second document or duplicate key; at most 20
 * levels and 262,144 code points; plain UTF-8 without hidden direction marks, so that what an
 * officer reads is what the machine reads. Each error names file, line, column, field path and what
 * was expected, and a reader reports all it can find, not the first alone.
 *
 * <p>Not promised: meaning. {@code io.concordat.protocol.job} and {@code io.concordat.policies}
 * give the fields theirs.
 *
 * <p>The scanner is snakeyaml-engine's; only its events are used, none of its constructors, so no
 * object of any class is ever made from a file.
 *
 * <p>Read next: {@link io.concordat.protocol.yaml.YamlFields}.
 */
@NullMarked
package io.concordat.protocol.yaml;

import org.jspecify.annotations.NullMarked;
