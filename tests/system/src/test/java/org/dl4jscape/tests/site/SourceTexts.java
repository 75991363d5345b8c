package org.dl4jscape.tests.site;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What source files say in words: the Javadoc of types and members by {@code Outer.Inner#member}, in source order, and every
 * string that the code puts together, with {@code …} where a value goes in.
 */
final class SourceTexts {
    /** Stands for a value in a message. */
    static final String VALUE = "…";

    private static final Pattern INLINE_TAG = Pattern.compile("\\{@(?:code|link|linkplain)\\s+([^}]*)}");
    private static final Pattern FORMAT = Pattern.compile("%(?!n)[-#+0,(]*\\d*(?:\\.\\d+)?[a-zA-Z]");

    private final Map<String, String> comments = new LinkedHashMap<>();
    private final Set<String> messages = new LinkedHashSet<>();

    private SourceTexts() {}

    /** Reads source files; nothing is compiled. */
    static SourceTexts of(List<Path> files) {
        SourceTexts texts = new SourceTexts();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            DocTrees trees = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                texts.new Reader(trees).scan(new TreePath(unit), null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }

    /**
     * The main text of a Javadoc comment as markdown, in one line, without its tags.
     *
     * @param name such as {@code ScapeConfig.Builder#density} or {@code CatchUp.Kind#NONE}
     */
    String comment(String name) {
        String comment = raw(name);
        Matcher tag = Pattern.compile("(?m)^\\s*@").matcher(comment);
        return markdown(tag.find() ? comment.substring(0, tag.start()) : comment);
    }

    /** What {@code @param} says of a parameter or record component. */
    String parameter(String name, String parameter) {
        Matcher found = Pattern.compile("(?s)@param " + parameter + "\\s+(.*?)(?=\\n\\s*@|\\z)")
                .matcher(raw(name));
        if (!found.find()) {
            throw new IllegalArgumentException(name + " has no @param " + parameter);
        }
        return markdown(found.group(1));
    }

    private String raw(String name) {
        String comment = comments.get(name);
        if (comment == null) {
            throw new IllegalArgumentException(name + " has no Javadoc; write it, the site shows it");
        }
        return comment;
    }

    /** Members of a type that have Javadoc, in source order. */
    List<String> members(String type) {
        List<String> members = new ArrayList<>();
        for (String name : comments.keySet()) {
            if (name.startsWith(type + "#")) {
                members.add(name.substring(type.length() + 1));
            }
        }
        return members;
    }

    /** Every string in the code, values replaced by {@link #VALUE}. */
    Set<String> messages() {
        return messages;
    }

    private static String markdown(String comment) {
        String text = INLINE_TAG.matcher(comment).replaceAll(tag -> {
            String inside = tag.group(1).strip().replaceFirst("^#", "").replace('#', '.');
            return Matcher.quoteReplacement("`" + inside + "`");
        });
        return text.replace("<p>", "")
                .replace("&gt;", ">")
                .replace("&lt;", "<")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private final class Reader extends TreePathScanner<Void, Void> {
        private final DocTrees trees;
        private String type = "";

        Reader(DocTrees trees) {
            this.trees = trees;
        }

        private void keep(String name) {
            String comment = trees.getDocComment(getCurrentPath());
            if (comment != null) {
                comments.putIfAbsent(name, comment);
            }
        }

        @Override
        public Void visitClass(ClassTree tree, Void nothing) {
            String outer = type;
            type = outer.isEmpty() ? tree.getSimpleName().toString() : outer + "." + tree.getSimpleName();
            keep(type);
            super.visitClass(tree, null);
            type = outer;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree tree, Void nothing) {
            keep(type + "#" + tree.getName());
            return super.visitMethod(tree, null);
        }

        @Override
        public Void visitVariable(VariableTree tree, Void nothing) {
            keep(type + "#" + tree.getName());
            return super.visitVariable(tree, null);
        }

        @Override
        public Void visitBinary(BinaryTree tree, Void nothing) {
            if (tree.getKind() == Tree.Kind.PLUS) {
                messages.add(template(tree));
            }
            return super.visitBinary(tree, null);
        }

        @Override
        public Void visitLiteral(LiteralTree tree, Void nothing) {
            if (tree.getKind() == Tree.Kind.STRING_LITERAL) {
                messages.add(template(tree));
            }
            return null;
        }

        private String template(ExpressionTree tree) {
            if (tree instanceof LiteralTree literal && literal.getKind() == Tree.Kind.STRING_LITERAL) {
                return FORMAT.matcher(literal.getValue().toString()).replaceAll(VALUE);
            }
            if (tree instanceof ParenthesizedTree inside) {
                return template(inside.getExpression());
            }
            if (tree instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
                return (template(sum.getLeftOperand()) + template(sum.getRightOperand())).replace(VALUE + VALUE, VALUE);
            }
            return VALUE;
        }
    }
}
