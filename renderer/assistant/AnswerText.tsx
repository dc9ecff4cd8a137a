import { FileText } from "lucide-react";
import { memo, type ReactNode } from "react";
import { Link } from "react-aria-components";
import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import styles from "./AnswerText.module.css";
import { type ChartLink, chartLinkOf } from "./chart-link";
import { keepUnbroken } from "./unbroken";

export interface AnswerTextProps {
  readonly text: string;
  readonly onOpenChart: (link: ChartLink) => void;
}

const plugins = [remarkGfm];
const rehypePlugins = [keepUnbroken];
/** Addresses are judged where a link is drawn; nothing here ever becomes an address of the page. */
const keepAddress = (address: string): string => address;

/**
 * An answer's markdown as elements of our own: no HTML (it stays visible as text), no images, no addresses but the
 * chart's. What a model writes is text from outside, so what is not known is shown as plain text.
 */
export const AnswerText = memo(function AnswerText({ text, onOpenChart }: AnswerTextProps) {
  const components: Components = {
    a: ({ href, children }) => {
      const link = chartLinkOf(href);
      return link ? (
        <ChartChip link={link} onOpen={onOpenChart} words={children} />
      ) : (
        <PlainLink address={href}>{children}</PlainLink>
      );
    },
    b: ({ children }) => <span className={styles.together}>{children}</span>,
    img: ({ alt, src }) => <span>{`[picture not shown: ${alt || String(src ?? "")}]`}</span>,
    input: ({ checked }) => <span>{checked ? "☑ " : "☐ "}</span>,
    h1: Title,
    h2: Title,
    h3: Title,
    h4: Title,
    h5: Title,
    h6: Title,
    table: ({ children }) => (
      // a region that scrolls must be reachable by keyboard
      <div className={styles.wide} role="group" aria-label="Table in the answer" tabIndex={0}>
        <table>{children}</table>
      </div>
    ),
  };
  return (
    <div className={styles.answer}>
      <Markdown
        remarkPlugins={plugins}
        rehypePlugins={rehypePlugins}
        urlTransform={keepAddress}
        components={components}
      >
        {text}
      </Markdown>
    </div>
  );
});

function ChartChip(props: {
  readonly link: ChartLink;
  readonly words: ReactNode;
  readonly onOpen: (link: ChartLink) => void;
}) {
  return (
    <Link className={`${styles.chip}`} onPress={() => props.onOpen(props.link)}>
      <FileText aria-hidden size={13} className={styles.sign} />
      {props.words}
    </Link>
  );
}

/** Any other address is read, not followed; it is shown where the words hide it. */
function PlainLink({ address, children }: { readonly address: string | undefined; readonly children: ReactNode }) {
  const hidden = address !== undefined && address !== "" && !address.startsWith("#") && children !== address;
  return (
    <span>
      {children}
      {hidden ? ` (${address})` : ""}
    </span>
  );
}

/** A heading inside an answer is not a heading of the page. */
function Title({ children }: { readonly children?: ReactNode }) {
  return <p className={styles.title}>{children}</p>;
}
